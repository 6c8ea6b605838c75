"""The lanes of jobs: each has a worker of its own."""

MPESA, TELEGRAM, MAIL = "mpesa", "telegram", "mail"
