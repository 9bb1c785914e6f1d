"""From a posted link to an answer, stage by stage; read answer.py first."""
