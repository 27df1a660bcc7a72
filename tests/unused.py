"""What only others call: vulture looks here for names that nothing of ours uses.

A line for each, with its reason. Whatever is neither used nor named here is dead.
"""
# ruff: noqa: B018, F821 - names, and nothing else
# mypy: ignore-errors

# Called by the library that we give them to.
_.get_next_fire_time  # APScheduler: when a trigger comes next
_.send_activities  # the SDK's adapter
_.update_activity  # the same
_.delete_activity  # the same
_.on_turn  # the SDK's bot
_.list_commands  # typer: the order in `kollegial --help`
_.process_bind_param  # SQLAlchemy: a column's type
_.process_result_value  # the same
_.impl  # the same
_.cache_ok  # the same
_.inherit_cache  # the same
_.model_config  # pydantic

# Set on what a library then reads.
_.classification  # icalendar
_.create_system  # zipfile
_.external_attr  # zipfile
_.compress_type  # zipfile
_.is_disconnect  # SQLAlchemy
_.disabled  # logging
_.__annotations__  # typer: the parameters of a command
_.__signature__  # the same

# Read by name: from the environment, a file's columns, or in a template.
_.debug  # a level of the log
_.kade  # a choice on the command line
_.majority  # the same
_.nn  # the same
_.excel  # the same
_.caption  # report.html.j2
_.crib  # report.html.j2
_.found_here  # a defect's own kind, for whoever reads `defects`

# The simulated Teams can do what Teams can; tests press it.
_.refresh
_.uninstall
