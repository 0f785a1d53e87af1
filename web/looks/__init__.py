"""What pages stand on: templates, the two languages, figures and dates as people read them, pictures."""

from web.looks.looks import Looks
from web.looks.preferences import routes
from web.looks.tongue import Tongue, lazy

__all__ = ["Looks", "Tongue", "lazy", "routes"]
