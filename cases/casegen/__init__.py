"""Generator of fictional case folders; every name, number and seal in them is made up."""
