"""Tests of staged coding."""
