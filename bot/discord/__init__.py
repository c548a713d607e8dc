"""The Discord face. All that is not Discord's lies outside of this package."""
