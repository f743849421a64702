"""What every room may use: errors, events, the workspace. Imports nothing of the other rooms."""
