"""Letters: sheets laid out once and composed for each member, bound with the pages of their edition."""
