"""Hypothesis strategies for descriptions: any text, any combination of values."""

from hypothesis import strategies as st

from oer.metadata.resource_metadata import ResourceMetadata

# Lone surrogates are no text: they can be written neither to JSON nor to a database.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
st.register_type_strategy(str, text)
st.register_type_strategy(int, st.integers(0, 10**9))

descriptions = st.from_type(ResourceMetadata)
