"""From a link to the text of its page. What comes back is never trusted."""
