"""The demonstration: a city's water bureau and its counties over years, written by the commands that people use."""

from web.demo.writing import Occupied, Wanted, write_demonstration

__all__ = ["Occupied", "Wanted", "write_demonstration"]
