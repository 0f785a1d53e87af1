"""Every setting: an environment variable `LVYUE_*`, its default, and where its value came from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MASK = "********"


class Settings(BaseSettings):
    """What an operator can set. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix="LVYUE_", extra="ignore", frozen=True)

    data: Path = Field(Path("var"), description="数据目录：ledger.db、views.db、vault.db、evidence/")
    database_url: str | None = Field(None, description="PostgreSQL 地址；不填则用数据目录里的 SQLite", json_schema_extra={"secret": True})
    key_file: Path | None = Field(None, description="保险库主密钥文件；不填则用数据目录里的 vault.key")
    base_url: str | None = Field(None, description="对外的公开地址，例如 https://lvyue.example.gov.cn")
    clock: str | None = Field(None, description="试用时钟，例如 2026-03-02T09:00:00+08:00；末尾加 ! 则不走")
    assets: Literal["cdn", "local", "none"] = Field("cdn", description="htmx 从何处取：cdn、local 或 none")
    authority: str = Field("", description="页眉显示的机构名称；不填则用登记的机构")
    demo_public: bool = Field(False, description="允许带演示账户的安装监听本机以外的地址")
    max_upload: int = Field(20 * 1024 * 1024, description="单个上传文件的最大字节数")
    max_body: int = Field(64 * 1024 * 1024, description="一次请求的最大字节数")
    least_free: int = Field(64 * 1024 * 1024, description="数据目录所在磁盘的剩余空间少于这么多字节时，只能查看")
    rate: float = Field(100, ge=0, description="一个账户（未登录时一个来源）每秒可发的请求数，0 为不限")
    at_once: int = Field(16, ge=1, description="一个进程同时办理的请求数，再多的稍等，等不到就请稍后再来")
    invitation_hours: int = Field(72, ge=1, description="邀请链接的有效小时数")
    log_level: str = Field("INFO", description="日志级别")

    @property
    def master_key(self) -> Path:
        return self.key_file or self.data / "vault.key"

    def told(self) -> list[dict[str, Any]]:
        """Each setting with its value (secrets masked) and the source of the value."""
        rows = []
        for name, field in type(self).model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            value, variable = getattr(self, name), f"LVYUE_{name.upper()}"
            shown = MASK if value and extra.get("secret") else value
            rows.append(
                {
                    "name": variable,
                    "value": None if shown is None else str(shown),
                    "description": field.description or "",
                    "source": "environment" if variable in os.environ else "default" if value == field.default else "option",
                }
            )
        return rows
