"""What happened (分享会): activities, rolls, sharing sessions, courseware. App label: sharing."""
