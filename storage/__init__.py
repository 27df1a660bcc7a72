"""Two databases that nothing joins: the operational one and the urn."""
