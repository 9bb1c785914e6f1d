"""What curators, admins and members do from chat, in no platform's terms."""
