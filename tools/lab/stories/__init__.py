"""The stories, by subject: what the programs and the wire do, told and done (tools/lab/story.py says how)."""
