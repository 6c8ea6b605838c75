"""The bot's answer to a tap."""

import time

from standins.shapes import QueryAnswer
from standins.telegram.parameters import Parameters
from standins.telegram.refusals import BadRequest
from standins.telegram.state import Query, Telegram

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MAX_ANSWER = 200


def waiting(telegram: Telegram, query_id: str) -> Query:
    query = telegram.queries.get(query_id)
    if query is None or query.answered or time.time() - query.at > telegram.options.query_life_s:
        raise BadRequest(TOO_OLD)
    return query


async def answer_callback_query(telegram: Telegram, given: Parameters) -> object:
    text = given.text("text")
    if text and len(text) > MAX_ANSWER:
        raise BadRequest("MESSAGE_TOO_LONG")
    query = waiting(telegram, given.needed("callback_query_id"))
    query.answered = True
    answer = QueryAnswer(query.id, query.data, text, given.flag("show_alert"))
    telegram.answers.setdefault(query.user_id, []).append(answer)
    telegram.events.emit("answer", chat=query.user_id, message_id=query.message_id, answer=answer)
    return True
