"""Where the two databases are: for the bot and for the researcher's commands alike."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    """URLs as `storage.database.open_database` takes them."""

    model_config = SettingsConfigDict(env_prefix="KOLLEGIAL_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///.data/kollegial.db", description="People and groups."
    )
    urn_url: str = Field(default="sqlite:///.data/urn.db", description="Drafts and sealed answers.")
