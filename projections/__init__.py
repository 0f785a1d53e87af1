"""What people look at: read models, one file each, that can be dropped and told again from the events. Knows no HTTP."""
