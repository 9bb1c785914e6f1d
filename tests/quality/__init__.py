"""Quality on labelled sets, with floors."""
