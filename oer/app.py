"""The web application, assembled: ``create_app(settings)``.

Blueprints are added here, one line each. Nothing is read from the metadata tables before the first
page needs it, so that starting is quick.
"""

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from oer.database import Sessions, connect
from oer.folders import TEMPLATES
from oer.search.index import SearchIndex, open_index
from oer.settings import Settings
from oer.web import (
    assets,
    catalogue,
    collection_files,
    collections,
    context,
    embeds,
    errors,
    exports,
    guides,
    headers,
    languages,
    preview,
    report,
    sitemap,
    sources,
    template_tools,
    validate,
)


def create_app(
    settings: Settings, *, sessions: Sessions | None = None, index: SearchIndex | None = None
) -> Flask:
    """Make the application.

    Args:
        settings: What the operator chose.
        sessions: The database to use instead of the one the settings name.
        index: The search index to use instead of the one the settings name.

    Raises:
        DatabaseError: The database cannot be used.
        UnknownSearchEngine: No engine answers to the search URL.
    """
    app = Flask("oer", template_folder=None, static_folder=None)
    # A template in the operator's data folder replaces ours of the same name.
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(settings.data_dir / "templates"), FileSystemLoader(TEMPLATES)]
    )
    if sessions is None:
        sessions = connect(settings.database_url)
    if index is None:
        index = open_index(settings.search_url)
    app.extensions[context.KEY] = context.Context(settings, sessions, index)
    languages.init_app(app)
    template_tools.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(catalogue.unprefixed)
    app.register_blueprint(catalogue.blueprint)
    app.register_blueprint(guides.unprefixed)
    app.register_blueprint(guides.blueprint)
    app.register_blueprint(preview.blueprint)
    app.register_blueprint(report.unprefixed)
    app.register_blueprint(report.blueprint)
    app.register_blueprint(sitemap.blueprint)
    app.register_blueprint(exports.blueprint)
    app.register_blueprint(embeds.unprefixed)
    app.register_blueprint(embeds.blueprint)
    app.register_blueprint(collections.unprefixed)
    app.register_blueprint(collections.blueprint)
    app.register_blueprint(collection_files.blueprint)
    app.register_blueprint(sources.unprefixed)
    app.register_blueprint(sources.blueprint)
    app.register_blueprint(validate.unprefixed)
    app.register_blueprint(validate.blueprint)
    return app
