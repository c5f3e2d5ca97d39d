"""Every setting an operator can make, once and typed. Read from `XINGQU_*` environment variables or a `.env` file."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from xingqu.config.live_settings import LiveSettings
from xingqu.config.payment_settings import PaymentSettings


class Environment(LiveSettings, PaymentSettings):
    """Settings of one installation. Each field is documented in `docs/reference/settings.md`, generated from here."""

    model_config = SettingsConfigDict(env_prefix="XINGQU_", env_file=".env", extra="ignore")

    home: Path = Field(Path("var"), description="Folder of the database, state, signal log, media and run files.")
    demo: bool = Field(False, description="Demo mode: one-click role switch, seeded catalogue and shoppers.")
    debug: bool = Field(False, description="Django's debug mode. Never on a public machine.")
    secret_key: SecretStr | None = Field(
        None,
        description="Signs cookies and tokens. When empty, one is made once and kept in the home folder.",
    )
    web_root: Path = Field(Path("web/dist"), description="Folder of the built front ends (mall, workbench).")
    host: str = Field("127.0.0.1", description="Address that the public origin (the edge) listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port of the public origin.")
    web_port: int = Field(8001, ge=1, le=65535, description="Loopback port of the web process behind the edge.")
    web_workers: int = Field(2, ge=1, le=64, description="Web worker processes.")
    public_url: str = Field(
        "",
        description="Address people reach the site at. Empty: http://host:port. Used in callbacks and links.",
    )
    allowed_hosts: list[str] = Field(
        ["127.0.0.1", "localhost", "[::1]"], description="Host names the site answers to (JSON list)."
    )
    secure_cookies: bool = Field(False, description="Cookies only over HTTPS. Set it behind TLS.")
    email_url: str = Field(
        "console:", description="Where mail goes: `console:` or `smtp://user:password@host:port?tls=1`."
    )
    email_from: str = Field("no-reply@localhost", description="Sender of mail.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="Transactions in PostgreSQL: `postgresql://user:password@host:port/name`, with libpq's parameters after "
        "`?` if needed. Empty: a SQLite file in the home folder.",
    )
    database_busy_timeout_ms: int = Field(
        20_000, ge=0, description="How long a writer waits: for its turn in SQLite, for a row's lock in PostgreSQL."
    )
    state_url: SecretStr = Field(
        SecretStr(""),
        description="People's states in Redis or Valkey: `redis://:password@host:port/db` (`rediss://` for TLS). Needs the extra "
        "`redis`. Empty: LMDB in the home folder. Move them with `export_states` and `import_states`.",
    )
    stock_buckets: int = Field(
        16,
        ge=1,
        le=256,
        description="Rows that a campaign's units of a SKU are spread over on PostgreSQL, for many buyers at once.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Log level.")
    upload_limit_bytes: int = Field(512 * 1024 * 1024, ge=1, description="Largest single media file a shop may upload.")
    media_max_duration_ms: int = Field(600_000, ge=1_000, description="Longest video accepted.")
    unpaid_order_timeout_s: int = Field(
        1_800, ge=5, description="An unpaid order is cancelled and its stock released after this long."
    )
    demo_first_clips: int = Field(24, ge=0, description="Clips that the demo makes before the page opens.")
    demo_first_posts: int = Field(40, ge=0, description="Picture posts that the demo makes before the page opens.")
    demo_later_clips: int = Field(
        10_000, ge=0, description="Clips that the demo makes in the background afterwards, at most."
    )
    admission_per_device: int = Field(
        1, ge=1, description="Places that one device may have in the queue of a flash sale."
    )
    admission_per_network: int = Field(500, ge=1, description="Places that one network may have in it.")
    admission_challenge_after: int = Field(
        20, ge=0, description="From so many places of a network a minute on a newcomer proves work."
    )
    admission_challenge_bits: int = Field(
        16, ge=1, le=24, description="How much work: zero bits that a hash begins with."
    )
    touch_valid_s: int = Field(
        86_400, ge=60, description="For how long a card that was served can still be named as what led to a product."
    )
    attribution_credit_s: int = Field(
        1_296_000,
        ge=60,
        description="A creator's, live room's or ad's last click is credited with orders within this long.",
    )
    attribution_visit_s: int = Field(
        86_400, ge=60, description="An order's source is the last way to the product within this long, else direct."
    )
    tax_rate_bp: int = Field(
        1_300, ge=0, le=10_000, description="Tax rate in basis points where no dated rule names a category's."
    )
    invoice_issuer: str = Field(
        "own",
        pattern=r"^(own|[\w.]+:\w+)$",
        description="Who issues invoices: `own` (the shop's own numbered documents), or module:class of a tax gateway's adapter.",
    )
    demo_past_days: int = Field(
        18,
        ge=0,
        le=60,
        description="Days of trade that a new demo has behind it when its page opens: orders, cases, statements, messages.",
    )
    quote_valid_s: int = Field(1_800, ge=5, description="How long a checkout's quote can be ordered from.")
    ship_within_s: int = Field(172_800, ge=60, description="A paid order must be shipped within this long.")
    auto_receive_after_s: int = Field(
        864_000, ge=60, description="A shipped order counts as received this long after shipping."
    )
    receive_after_delivery_s: int = Field(
        604_800, ge=60, description="A delivered order counts as received this long after the carrier's news."
    )
    receive_extension_s: int = Field(
        259_200, ge=60, description="How much longer a buyer may take to confirm receipt, once an order."
    )
    ship_reminder_s: int = Field(14_400, ge=60, description="A shop is reminded this long before it must ship.")
    no_news_s: int = Field(172_800, ge=60, description="A package on its way without news for this long is flagged.")
    cover_premium_minor: int = Field(60, ge=0, description="Return freight insurance: premium an order, in fen.")
    cover_limit_minor: int = Field(1_200, ge=1, description="Return freight insurance: most for a return, in fen.")
    tracking_provider: Literal["", "none", "simulated", "kuaidi100"] = Field(
        "", description="Who tells where packages are. Empty: the simulated carrier on a demo, else nobody."
    )
    simulated_carrier_day_s: int = Field(
        600, ge=1, description="How long a day takes at the simulated carrier, in seconds of the clock."
    )
    kuaidi100_url: str = Field("https://poll.kuaidi100.com", description="Address of kuaidi100's API.")
    kuaidi100_customer: str = Field("", description="kuaidi100: customer number.")
    kuaidi100_key: SecretStr = Field(SecretStr(""), description="kuaidi100: key (授权码).")
    kuaidi100_secret: SecretStr = Field(SecretStr(""), description="kuaidi100: secret of e-waybills.")
    kuaidi100_partner_id: str = Field("", description="kuaidi100: the e-waybill account at the carrier.")
    kuaidi100_partner_key: SecretStr = Field(SecretStr(""), description="kuaidi100: that account's password.")
    tech_service_fee_bp: int = Field(
        500, ge=0, le=10_000, description="The platform's fee on an order's sum when it is received, in basis points."
    )
    alliance_platform_bp: int = Field(
        1000, ge=0, le=10_000, description="The platform's part of commissions and service fees, in basis points."
    )
    min_commission_bp: int = Field(100, ge=0, le=10_000, description="Lowest commission of a plan, in basis points.")
    max_commission_bp: int = Field(8000, ge=0, le=10_000, description="Highest commission of a plan, in basis points.")
    audience_hours: int = Field(
        24,
        ge=1,
        le=168,
        description="Hours after which creators' audiences are read anew; a demo does it every quarter of an hour.",
    )
    audience_people: int = Field(
        20_000, ge=100, le=1_000_000, description="People whose interests audiences are made of, the latest ones."
    )
    pool_round_days: int = Field(
        28, ge=7, le=180, description="Days of a round: for how long a pool's recommendation to a creator stands."
    )
    pool_outcome_days: int = Field(
        14, ge=1, le=90, description="Days after a recommendation in which take-ups and sales are counted as its."
    )
    pool_held_out_bp: int = Field(
        2000, ge=0, le=9000, description="Recommendations of pools held out to measure lift, in basis points."
    )
    agency_share_max_bp: int = Field(
        9000,
        ge=0,
        le=10_000,
        description="Highest part of a creator's commission that an agency's contract may have, in basis points.",
    )
    agency_notice_days_max: int = Field(
        90, ge=0, le=365, description="Longest notice of a contract between an agency and a creator, in days."
    )
    settlement_days: int = Field(
        7, ge=0, le=180, description="Days from receipt to settlement while no rule of an operator is in effect."
    )
    min_withdrawal_minor: int = Field(
        100, ge=1, description="Least withdrawal in minor units while no rule of an operator is in effect."
    )
    invitation_days: int = Field(7, ge=1, le=90, description="Days in which an invitation into a shop can be accepted.")
    schedule_days: int = Field(60, ge=1, le=366, description="Days ahead for which content can be scheduled.")
    studios_per_person: int = Field(3, ge=1, le=100, description="Creator accounts that one person may open.")
    audit_log_days: int = Field(
        1095, ge=30, description="Days for which what members of a shop did stays in its audit log."
    )
    deposit_payment_s: int = Field(
        1800, ge=60, description="Seconds in which a started payment into a shop's security deposit can be made."
    )
    payout_bank: Literal["sandbox_bank"] = Field("sandbox_bank", description="Bank that pays merchants' withdrawals.")
    audit_hour: int = Field(3, ge=0, le=23, description="Hour of the nightly audit, in the site's time zone.")
    sandbox_late_notify_s: int = Field(
        60, ge=1, description="How late the sandbox payment provider sends a notice that was asked to come late."
    )
    listing_review: Literal["automatic", "operator"] | None = Field(
        None,
        description="Who passes a product that the automatic check has nothing against: `automatic`, nobody else; `operator`, "
        "an operator in the review queue. Empty: automatic on a demo, else an operator.",
    )
    shop_review: Literal["automatic", "operator"] | None = Field(
        None,
        description="Who lets a shop that signed up list products: `automatic`, nobody, every shop may; `operator`, an operator "
        "who has seen its papers. Empty: automatic on a demo, else an operator.",
    )
    papers_warn_days: int = Field(
        30, ge=1, le=365, description="How many days before papers and contracts of a shop end its members are told so."
    )
    open_calls_per_minute: int = Field(600, ge=1, le=60_000, description="Calls a minute of a program of the open API.")
    open_token_s: int = Field(7_200, ge=60, description="How long an access token of the open API lives.")
    open_changes_days: int = Field(30, ge=1, le=3_650, description="How long a shop's log of changes is kept.")
    webhooks_inside: bool = Field(
        False, description="Webhooks may go to addresses inside this network and without TLS. For tests and demos."
    )
    chat_messages_per_minute: int = Field(
        20, ge=1, description="How many messages one side of a customer service conversation may send in a minute."
    )
    service_start_minute: int = Field(
        480, ge=0, le=1439, description="Service hours of shops that set none: start, in minutes since midnight."
    )
    service_end_minute: int = Field(
        1380, ge=1, le=1440, description="Service hours of shops that set none: end, in minutes since midnight."
    )
    training_every_s: int = Field(
        1_800, ge=0, description="Least time between two trainings of the same model. 0: never by itself."
    )
    training_events: int = Field(
        2_000, ge=1, description="New signals since its last training that make a model due for the next."
    )
    training_anew_after_s: int = Field(
        604_800, ge=0, description="A model that goes on from the one before is trained anew this often."
    )
    training_budget_s: int = Field(600, ge=1, description="Processor seconds of one training of the sequence model.")
    channel_sample_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Share of the feed's pages of which the channels' candidates are kept for the report.",
    )
    channel_sample_gap_s: float = Field(
        10.0, ge=0, description="Least time between two such pages of one web process; bounds what they cost."
    )
    channel_report_every_s: int = Field(
        3_600, ge=0, description="How often the report on the channels is made anew. 0: only by hand."
    )
    life_shoppers: int = Field(300, ge=0, description="Seeded shoppers that the demo plays through the real APIs.")
    life_duration_s: int = Field(900, ge=0, description="For how long the demo's shoppers are active after start.")

    @property
    def listings_need_operator(self) -> bool:
        """Whether a product waits for an operator before it can go on the shelf."""
        return self.listing_review == "operator" or (self.listing_review is None and not self.demo)

    @property
    def shops_need_operator(self) -> bool:
        """Whether a shop that signed up waits for an operator before it can list products."""
        return self.shop_review == "operator" or (self.shop_review is None and not self.demo)

    @property
    def origin(self) -> str:
        """Public address without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
