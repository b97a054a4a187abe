"""The invented year of 示例学校: what happened (data) and how it is told through the real commands (`teller`)."""
