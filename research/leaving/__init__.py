"""What leaves for other programs: R, SPSS and jamovi, Excel in Norwegian.

`variables` says what each column holds; the scripts and workbooks are written from it, so
that every program gets the same labels, values and missing values.
"""
