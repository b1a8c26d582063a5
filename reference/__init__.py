"""Reference data: regions, chains, certificates, units, terms."""
