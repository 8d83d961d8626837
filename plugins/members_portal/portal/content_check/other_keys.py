"""Other keys: names that other systems give to the keys of front matter, for suggestions."""

from collections.abc import Mapping


def _named(key: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), f"`{key}`")


FRONT_KEYS: Mapping[str, str] = {
    **_named("publish", "date published publish_date pubdate created day"),
    **_named("expires", "expiry expire expiry_date expirydate expiration unpublish until"),
    **_named("summary", "description excerpt subtitle abstract lead"),
    **_named("audience", "access visibility readers tier tiers level"),
    **_named("interests", "tags tag categories category topics keywords"),
    **_named("image", "cover featured_image thumbnail picture photo hero banner"),
    **_named("image alt", "alt image_caption image_description alt_text"),
    **_named("status: draft", "draft"),
    **dict.fromkeys(("slug", "permalink", "url"), "the file name, which is the address"),
}
EVENT_KEYS: Mapping[str, str] = {
    **FRONT_KEYS,
    "date": "`starts` or `publish`",
    **_named("starts", "start start_date begins begin from when time"),
    **_named("ends", "end end_date until to finish"),
    **_named("place", "location venue where address room"),
    **_named("capacity", "seats places spaces"),
    **_named("reply by", "rsvp deadline reply"),
}
OFFER_KEYS: Mapping[str, str] = {
    **FRONT_KEYS,
    **_named("starts", "start start_date begins from valid_from"),
    **_named("ends", "end end_date until to valid_until valid"),
    **_named("points", "price cost"),
    **_named("value", "discount amount"),
    **_named("coupon", "code coupon_code"),
    **_named("terms", "conditions"),
}
