"""The Slack platform, on slack_bolt's AsyncApp."""
