"""The demonstration city's areas, people, stations and stories: invented people in real townships."""

from stations.demo.accounts import ACCOUNTS
from stations.demo.seed import seed

__all__ = ["ACCOUNTS", "seed"]
