"""A little corpus in Finnish, Swedish and English, made up for the tests."""

from oer.search.analysis import PERSON
from oer.search.index import READERS, SearchDocument


def small(
    id_: int,
    title: str,
    written_in: str | None = "fi",
    /,
    *,
    keyword: tuple[str, ...] = (),
    author: tuple[str, ...] = (),
    description: str = "",
    other: tuple[str, ...] = (),
    updated: float = 0.0,
    quality: float = 0.0,
    **facets: tuple[str, ...],
) -> SearchDocument:
    """A document whose texts are all in one language."""
    return SearchDocument(
        id=id_,
        texts={
            "title": ((title, written_in),),
            "keyword": tuple((text, written_in) for text in keyword),
            "author": tuple((text, PERSON) for text in author),
            "description": ((description, written_in),) if description else (),
            "other": tuple((text, None) for text in other),
        },
        facets=facets,
        updated=updated or float(id_),
        titles=dict.fromkeys(READERS, title),
        quality=quality,
    )


CORPUS = (
    small(
        1,
        "Kestävä kehitys koulussa",
        keyword=("ympäristö",),
        author=("Aino Esimerkki",),
        description="Opas kestävään elämään. Kestävä arki ja kehitys kulkevat yhdessä.",
        other=("Esimerkkikoulu",),
        type=("type:guide",),
        level=("level:basic", "level:lower-secondary"),
        language=("fi",),
        license=("cc-by",),
        source=("koski",),
    ),
    small(
        2,
        "Fotosynteesi ja valo",
        keyword=("biologia", "kasvit"),
        author=("Onni Keksitty",),
        description="Fotosynteesissä kasvit sitovat valoa. DNA:n rakenne jää toiseen kertaan.",
        type=("type:video",),
        level=("level:upper-secondary",),
        language=("fi",),
        license=("cc-by-sa",),
        source=("koski",),
    ),
    small(
        3,
        "Fotosyntes i skolan",
        "sv",
        keyword=("biologi", "växter"),
        description="Eleverna undersöker växternas fotosyntes.",
        type=("type:video", "type:worksheet"),
        level=("level:basic",),
        language=("sv",),
        license=("cc-by",),
        source=("sjo",),
    ),
    small(
        4,
        "Photosynthesis worksheets",
        "en",
        keyword=("biology", "plants"),
        author=("Aino Esimerkki",),
        description="Teaching photosynthesis with plants, light and H5P. Not about koulu.",
        type=("type:worksheet",),
        level=("level:basic",),
        language=("en",),
        source=("sjo",),
    ),
    small(
        5,
        "C++ for beginners",
        "en",
        description="Programming in C++. The teacher’s guide covers teaching loops.",
        type=("type:guide",),
        language=("en",),
        license=("cc-by",),
        source=("koski",),
    ),
    small(
        6,
        "Koulu",
        None,
        description="School, skola, koulu. Development is sustainable; kehitys kestävä.",
        language=("fi", "sv", "en"),
    ),
    small(7, "Säde ja ympyrä", keyword=("geometria",), license=("cc-by",), language=("fi",)),
    small(8, "Привет, мир", "ru", description="Учебник русского языка", language=("ru",)),
    small(9, "مقدمة في العلوم", "ar", description="كتاب العلوم", language=("ar",)),
    small(10, "机器学习教程", "zh", language=("zh",)),
)
