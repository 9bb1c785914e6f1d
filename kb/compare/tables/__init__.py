"""Words that comparing looks things up in. Data only."""
