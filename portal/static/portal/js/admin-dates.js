// Dates in the admin stay as they were typed: the calendar beside a field rewrites what it cannot read
// (2026年10月8日 to 1 January, a slip of the hand to today) before the form could say what is wrong with it.

jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
