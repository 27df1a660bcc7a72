"""The core: pure state machines and the definitions they run on."""
