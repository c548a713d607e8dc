"""What people click, choose and are sent, between the cogs and the rendering."""
