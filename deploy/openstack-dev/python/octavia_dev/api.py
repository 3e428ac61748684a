"""The WSGI application of Octavia's API, with the sockets of this stack."""

from octavia_dev import mends

mends.sockets()

from octavia.api import app  # noqa: E402  the provider drivers are loaded with it

application = app.setup_app()
