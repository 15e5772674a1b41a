"""Following by e-mail: addresses of readers, what each follows, what is to be sent, and the links in letters."""

from django.db import models
from django.db.models import Q

from portal.follow.querysets import DeliveryQuerySet


class Follower(models.Model):
    """One address. It is shown whole to nobody: neither in the admin nor in a log."""

    address = models.EmailField("电子邮箱", max_length=254, unique=True)  # lower case, half width
    created_at = models.DateTimeField("登记时间")

    quiet = True
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "订阅邮箱"
        verbose_name_plural = "订阅邮箱"
        default_permissions = ()

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The first character and the host: d***@example.org."""
        name, _, host = self.address.partition("@")
        return f"{name[:1]}***@{host}"


class Subscription(models.Model):
    """One address follows one topic, such as section:daibiao, representative:12 or station:3."""

    class State(models.TextChoices):
        PENDING = "pending", "待确认"
        CONFIRMED = "confirmed", "已确认"
        LEFT = "left", "已退订"

    follower = models.ForeignKey(
        Follower, verbose_name="订阅邮箱", on_delete=models.CASCADE, related_name="subscriptions"
    )
    topic = models.CharField("订阅内容", max_length=60)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    asked_at = models.DateTimeField("申请时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    left_at = models.DateTimeField("退订时间", null=True, blank=True)

    quiet = True
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "邮件订阅"
        verbose_name_plural = "邮件订阅"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["follower", "topic"], name="follow_topic_once"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="follow_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_at__isnull=False), name="follow_left_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["topic"], name="follow_by_topic", condition=Q(state="confirmed")),
        ]

    def __str__(self) -> str:
        return f"{self.follower}：{self.topic}"


class Delivery(models.Model):
    """One item for one address, or one letter that asks for confirmation: the outbox.

    The database lets an item reach an address once, by however many topics it comes.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待发"
        SENDING = "sending", "正在发"
        SENT = "sent", "已发"
        FAILED = "failed", "没有发出"
        SKIPPED = "skipped", "不用发了"

    follower = models.ForeignKey(
        Follower, verbose_name="订阅邮箱", on_delete=models.CASCADE, related_name="deliveries"
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name="内容",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    subscription = models.ForeignKey(  # of a letter that asks for confirmation
        Subscription,
        verbose_name="待确认的订阅",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
    )
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField("排入时间")
    not_before = models.DateTimeField(null=True, blank=True)  # a worker's lease, or the wait before a retry
    claim = models.UUIDField(null=True, blank=True, editable=False)  # which worker's batch holds it
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    last_error = models.CharField("没有发出的原因", max_length=120, blank=True)  # never an address

    objects = DeliveryQuerySet.as_manager()
    quiet = True
    wagtail_reference_index_ignore = True  # whom a page was sent to is no use of the page

    class Meta:
        verbose_name = "订阅邮件"
        verbose_name_plural = "订阅邮件"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "page"], name="followed_item_once", condition=Q(page__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["subscription"],
                name="follow_one_letter_waits",
                condition=Q(state__in=["pending", "sending"]),
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False, subscription__isnull=True)
                | Q(page__isnull=True, subscription__isnull=False),
                name="followed_item_or_confirmation",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="followed_sent_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["follower", "id"],
                name="followed_waiting",
                condition=Q(state__in=["pending", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower}：{self.page_id or '确认信'}"


class MailLink(models.Model):
    """A link in a letter: of its 128 random bits only the digest is kept, so that no one reads it here."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", "确认订阅"
        LEAVE = "leave", "退订"

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="links")
    subscription = models.ForeignKey(  # what is confirmed; a link to leave opens all that the address follows
        Subscription, null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 in hex
    made_at = models.DateTimeField()

    quiet = True
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="leave", subscription__isnull=True)
                | Q(purpose="confirm", subscription__isnull=False),
                name="mail_link_of_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower}：{self.get_purpose_display()}"


class ClientHour(models.Model):
    """How often one client address asked within one hour; the address itself is not kept, only a keyed digest."""

    client = models.CharField(max_length=64)
    hour = models.DateTimeField()
    asked = models.PositiveSmallIntegerField(default=0)

    quiet = True
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["client", "hour"], name="follow_client_hour_once")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}：{self.asked}"
