"""The demonstration: a city's water bureau and its counties over years, written by the commands that people use."""
