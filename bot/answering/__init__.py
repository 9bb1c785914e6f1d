"""From a message to an answer, stage by stage; read answer.py first. It knows ports only."""
