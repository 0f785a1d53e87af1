"""Credit repair: a company applies, the body that decided the record decides, every recipient stops."""
