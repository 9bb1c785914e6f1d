"""What people do in Slack besides writing: commands, shortcuts, buttons, modals."""
