"""`python -m web.cli`: the same as `lvyue`."""

from web.cli import main

main()
