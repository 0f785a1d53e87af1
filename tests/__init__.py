"""Tests of Lvyue; the folders mirror the rooms."""
