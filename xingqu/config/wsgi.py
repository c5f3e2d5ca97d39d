"""The web process: Django under WSGI, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")
application = get_wsgi_application()

from xingqu.interest.services import warm_up  # noqa: E402 - needs the settings
from xingqu.kit.processes import settle_memory  # noqa: E402

warm_up()
settle_memory()
