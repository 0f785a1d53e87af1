"""Proofs that the log was not altered: the Merkle tree over its rows, and what verifies it offline."""
