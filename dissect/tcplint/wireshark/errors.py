"""What stops an installation."""


class WiresharkError(Exception):
    """tshark is missing, too old or cannot be asked, or a part of the plugin is not there. The text says what to do."""
