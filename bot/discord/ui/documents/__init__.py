"""Documents: views, pictures, lists, and the forms that change them."""
