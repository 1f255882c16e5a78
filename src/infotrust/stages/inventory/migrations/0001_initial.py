import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='accounts.agency')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('program', models.CharField(blank=True, max_length=200, verbose_name='program it serves')),
                ('system', models.CharField(blank=True, max_length=200, verbose_name='system')),
                ('vendor', models.CharField(blank=True, max_length=200, verbose_name='vendor')),
                ('authority', models.TextField(blank=True, verbose_name='authority to share')),
                ('contact', models.EmailField(blank=True, max_length=254, verbose_name='contact for questions')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registered_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Dataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datasets', to='accounts.agency')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datasets', to='inventory.source')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='what it holds, in plain words')),
                ('unit', models.CharField(blank=True, choices=[('person', 'A person'), ('child', 'A child'), ('household', 'A household'), ('enrollment', 'An enrollment in a program'), ('event', 'An event or a service')], max_length=20, verbose_name='one row is')),
                ('period', models.CharField(blank=True, max_length=100, verbose_name='period covered')),
                ('update_frequency', models.CharField(blank=True, choices=[('daily', 'Daily'), ('weekly', 'Weekly'), ('monthly', 'Monthly'), ('quarterly', 'Every three months'), ('yearly', 'Yearly'), ('once', 'Once, no further deliveries')], max_length=20, verbose_name='updated')),
                ('lag', models.CharField(blank=True, max_length=100, verbose_name='how late it is')),
                ('quality_note', models.TextField(blank=True, verbose_name='what to know about its quality')),
                ('whose_data_is_missing', models.TextField(blank=True, verbose_name='whose data is missing')),
                ('version', models.PositiveIntegerField(default=1)),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registered_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'dataset',
                'verbose_name_plural': 'datasets',
                'ordering': ('title',),
                'constraints': [models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='inventory_dataset_version_from_1'), models.CheckConstraint(condition=models.Q(('changed_at__gte', models.F('registered_at'))), name='inventory_dataset_changed_after'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='inventory_dataset_has_title'), models.CheckConstraint(condition=models.Q(('unit__in', ['', 'person', 'child', 'household', 'enrollment', 'event'])), name='inventory_dataset_known_unit'), models.CheckConstraint(condition=models.Q(('update_frequency__in', ['', 'daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'once'])), name='inventory_dataset_known_frequency')],
            },
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fields', to='inventory.dataset')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=63, verbose_name='name of the column')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('definition', models.TextField(blank=True, verbose_name='definition')),
                ('type', models.CharField(default='text', max_length=20, verbose_name='type')),
                ('semantic', models.CharField(default='other', max_length=40, verbose_name='what it means')),
                ('law_classes', models.JSONField(blank=True, default=list, verbose_name='laws that govern it')),
                ('sensitivity', models.PositiveSmallIntegerField(choices=[(0, '0: public already'), (1, "1: low, for example a school's code"), (2, '2: personal, for example a home language'), (3, '3: high, for example an SSN or where someone sleeps')], default=1, verbose_name='sensitivity')),
                ('availability', models.CharField(default='restricted', max_length=20, verbose_name='availability')),
                ('required', models.BooleanField(default=True, verbose_name='filled in every row')),
                ('key', models.BooleanField(default=False, verbose_name='part of the key')),
                ('date_format', models.CharField(blank=True, max_length=20, verbose_name='how dates are written')),
                ('state', models.CharField(choices=[('in_use', 'In use'), ('retired', 'Retired')], default='in_use', max_length=20)),
                ('retired_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('retired_because', models.CharField(blank=True, max_length=300, verbose_name='why it was retired')),
            ],
            options={
                'verbose_name': 'field',
                'verbose_name_plural': 'fields',
                'ordering': ('dataset', 'position'),
                'constraints': [models.UniqueConstraint(models.F('dataset'), django.db.models.functions.text.Lower('name'), name='inventory_field_name_once'), models.CheckConstraint(condition=models.Q(('type__in', ['text', 'integer', 'decimal', 'date', 'code', 'boolean'])), name='inventory_field_known_type'), models.CheckConstraint(condition=models.Q(('semantic__in', ['given_name', 'middle_name', 'family_name', 'name_suffix', 'full_name', 'birth_date', 'sex', 'ssn', 'local_id', 'street_address', 'city', 'state', 'zip_code', 'phone', 'email', 'guardian_name', 'race_ethnicity', 'language', 'tract', 'program_code', 'site_code', 'grade', 'status', 'event_date', 'measure', 'money', 'other'])), name='inventory_field_known_semantic'), models.CheckConstraint(condition=models.Q(('availability__in', ['open', 'restricted', 'unavailable'])), name='inventory_field_known_availability'), models.CheckConstraint(condition=models.Q(('sensitivity__gte', 0), ('sensitivity__lte', 3)), name='inventory_field_sensitivity_0_3'), models.CheckConstraint(condition=models.Q(('key', False), ('required', True), _connector='OR'), name='inventory_field_key_is_required'), models.CheckConstraint(condition=models.Q(models.Q(('semantic__in', ['given_name', 'middle_name', 'family_name', 'name_suffix', 'full_name', 'birth_date', 'sex', 'ssn', 'local_id', 'street_address', 'city', 'state', 'zip_code', 'phone', 'email', 'guardian_name']), _negated=True), models.Q(('availability', 'open'), _negated=True), _connector='OR'), name='inventory_field_identifier_not_open'), models.CheckConstraint(condition=models.Q(('type', 'date'), ('date_format', ''), _connector='OR'), name='inventory_field_date_format_of_dates'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', True), ('retired_by__isnull', True), ('state', 'in_use')), models.Q(('retired_at__isnull', False), ('retired_by__isnull', False), ('state', 'retired')), _connector='OR'), name='inventory_field_retired_who_when')],
            },
        ),
        migrations.CreateModel(
            name='FieldCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_rows', to='inventory.field')),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('meaning', models.CharField(max_length=300)),
            ],
            options={
                'verbose_name': 'code',
                'verbose_name_plural': 'codes',
                'ordering': ('field', 'position'),
                'constraints': [models.UniqueConstraint(fields=('field', 'code'), name='inventory_code_once'), models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='inventory_code_not_empty'), models.CheckConstraint(condition=models.Q(('meaning', ''), _negated=True), name='inventory_code_has_meaning')],
            },
        ),
    ]
