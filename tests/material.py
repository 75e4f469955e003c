"""What a briefing is filled from, made anew from another without working everything out again."""


def sharing(material, made, *names):
    """Give what is made of a material what it has in common with it, and takes long to work out."""
    vars(made).update({name: getattr(material, name) for name in names})
    return made
