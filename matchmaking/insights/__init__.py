"""What the platform knows: weak links, flows, targets and quoted facts."""
