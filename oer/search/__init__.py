"""Search: what an engine must do, and the engines that do it."""
