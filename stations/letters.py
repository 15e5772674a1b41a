"""The letters of this floor: plain text, our own host only, nothing private."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from portal.follow.letters import PATIENCE, sender
from portal.models import User


def tell_of_second_factor(account: User) -> None:
    """Tell the owner of an account that its second step was taken off; whatever the mail server raises is raised."""
    told_by = sender()
    text = (
        f"{account}，您好。\n\n您在“{told_by.site_name}”的账号（{account.username}）的两步验证已由管理人员解除，"
        "已经登录的地方都已退出。现在用密码就能登录。\n\n"
        f"登录以后，请在下面的网址重新设置两步验证：\n{settings.PUBLIC_URL}{reverse('mfa_index')}\n\n"
        "不是您本人要求的，请马上打电话告诉我们。\n\n"
        f"--\n{told_by.signature}\n"
    )
    subject = f"两步验证已解除 - {told_by.site_name}"
    connection = get_connection(timeout=PATIENCE)
    EmailMessage(subject, text, None, [account.email], connection=connection).send()
