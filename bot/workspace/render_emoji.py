"""Common emoji by their Slack names; a name that is not here is shown as it was typed."""

from __future__ import annotations

import re

NAMES = {
    "smile": "😄", "grinning": "😀", "slightly_smiling_face": "🙂", "joy": "😂", "wink": "😉", "thinking_face": "🤔",
    "neutral_face": "😐", "cry": "😢", "rage": "😡", "open_mouth": "😮", "facepalm": "🤦", "shrug": "🤷", "wave": "👋",
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "clap": "👏", "pray": "🙏", "muscle": "💪",
    "ok_hand": "👌", "raised_hands": "🙌", "point_right": "👉", "point_left": "👈", "point_up": "☝️", "point_down": "👇",
    "eyes": "👀", "eye": "👁️", "ear": "👂", "speech_balloon": "💬", "thought_balloon": "💭", "left_speech_bubble": "🗨️",
    "heart": "❤️", "broken_heart": "💔", "star": "⭐", "sparkles": "✨", "fire": "🔥", "zap": "⚡", "tada": "🎉",
    "warning": "⚠️", "no_entry": "⛔", "no_entry_sign": "🚫", "octagonal_sign": "🛑", "rotating_light": "🚨",
    "exclamation": "❗", "heavy_exclamation_mark": "❗", "question": "❓", "grey_question": "❔", "bangbang": "‼️",
    "information_source": "ℹ️", "white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️",
    "x": "❌", "negative_squared_cross_mark": "❎", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖",
    "red_circle": "🔴", "large_orange_circle": "🟠", "large_yellow_circle": "🟡", "large_green_circle": "🟢",
    "large_blue_circle": "🔵", "large_purple_circle": "🟣", "white_circle": "⚪", "black_circle": "⚫",
    "large_red_square": "🟥", "large_green_square": "🟩", "large_blue_square": "🟦", "small_blue_diamond": "🔹",
    "small_orange_diamond": "🔸", "arrow_right": "➡️", "arrow_left": "⬅️", "arrow_up": "⬆️", "arrow_down": "⬇️",
    "left_right_arrow": "↔️", "arrow_right_hook": "↪️", "leftwards_arrow_with_hook": "↩️", "repeat": "🔁",
    "arrows_counterclockwise": "🔄", "twisted_rightwards_arrows": "🔀", "mirror": "🪞", "scissors": "✂️",
    "camera": "📷", "camera_with_flash": "📸", "frame_with_picture": "🖼️", "film_frames": "🎞️", "movie_camera": "🎥",
    "video_camera": "📹", "tv": "📺", "satellite_antenna": "📡", "satellite": "🛰️", "microphone": "🎤",
    "mag": "🔍", "mag_right": "🔎", "link": "🔗", "paperclip": "📎", "pushpin": "📌", "round_pushpin": "📍",
    "bookmark": "🔖", "label": "🏷️", "memo": "📝", "pencil": "📝", "pencil2": "✏️", "scroll": "📜", "newspaper": "📰",
    "rolled_up_newspaper": "🗞️", "book": "📖", "books": "📚", "page_facing_up": "📄", "clipboard": "📋",
    "bar_chart": "📊", "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉", "card_index": "📇",
    "file_folder": "📁", "open_file_folder": "📂", "card_file_box": "🗃️", "file_cabinet": "🗄️", "wastebasket": "🗑️",
    "package": "📦", "inbox_tray": "📥", "outbox_tray": "📤", "email": "📧", "envelope": "✉️",
    "calendar": "📆", "date": "📅", "spiral_calendar_pad": "🗓️", "clock1": "🕐", "clock3": "🕒", "alarm_clock": "⏰",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "stopwatch": "⏱️", "watch": "⌚",
    "lock": "🔒", "unlock": "🔓", "key": "🔑", "shield": "🛡️", "scales": "⚖️", "bell": "🔔", "no_bell": "🔕",
    "loudspeaker": "📢", "mega": "📣", "mute": "🔇", "speaker": "🔈", "shushing_face": "🤫",
    "globe_with_meridians": "🌐", "earth_africa": "🌍", "earth_americas": "🌎", "earth_asia": "🌏", "world_map": "🗺️",
    "compass": "🧭", "airplane": "✈️", "helicopter": "🚁", "car": "🚗", "rocket": "🚀", "house": "🏠",
    "office": "🏢", "classical_building": "🏛️", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥",
    "detective": "🕵️",
    "sleuth_or_spy": "🕵️", "robot_face": "🤖", "wrench": "🔧", "hammer_and_wrench": "🛠️", "gear": "⚙️", "bulb": "💡",
    "computer": "💻", "iphone": "📱", "telephone_receiver": "📞", "floppy_disk": "💾", "construction": "🚧",
    "checkered_flag": "🏁", "triangular_flag_on_post": "🚩", "waving_white_flag": "🏳️", "crossed_flags": "🎌",
    "100": "💯", "1234": "🔢", "one": "1️⃣", "two": "2️⃣", "three": "3️⃣", "four": "4️⃣", "five": "5️⃣", "hash": "#️⃣",
    "new": "🆕", "sos": "🆘", "ok": "🆗", "up": "🆙", "free": "🆓", "recycle": "♻️", "copyright": "©️",
    "snowflake": "❄️", "sunny": "☀️", "cloud": "☁️", "umbrella": "☔", "ghost": "👻", "skull": "💀", "brain": "🧠",
}  # fmt: skip

SHORTCODE = re.compile(r":([a-z0-9_+'-]{1,60}):")


def emoji(name: str) -> str:
    """The emoji of a name, or the name between its colons."""
    return NAMES.get(name, f":{name}:")


def with_emoji(text: str) -> str:
    """Plain text with the known shortcodes replaced."""
    return SHORTCODE.sub(lambda match: emoji(match[1]), text)
