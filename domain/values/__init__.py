"""Values: codes, numbers, money, regions and party references; immutable, without clock or I/O."""
