import django.db.models.deletion
import django.utils.timezone
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
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(max_length=120)),
                ('process', models.CharField(max_length=40)),
                ('step', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('address', models.CharField(max_length=300)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('role', models.CharField(blank=True, choices=[('steward', 'Data steward'), ('counsel', 'Counsel'), ('board_member', 'Board member'), ('linkage_officer', 'Linkage officer'), ('analyst', 'Analyst'), ('output_checker', 'Output checker'), ('helper', 'Helper'), ('program', 'Program staff'), ('privacy', 'Privacy officer'), ('security', 'Information security officer'), ('facilitator', 'Facilitator'), ('resident', 'Resident member'), ('requester', 'Data requester'), ('administrator', 'Administrator')], max_length=20)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.CharField(max_length=120)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'verbose_name': 'wait',
                'ordering': ('since', 'id'),
                'indexes': [models.Index(fields=['about', 'since'], name='clocks_of_a_thing'), models.Index(fields=['process', 'step', 'until'], name='clocks_of_a_step')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('about', 'step', 'holder'), name='clocks_one_open_wait'), models.CheckConstraint(condition=models.Q(('person__isnull', False), models.Q(('role', ''), _negated=True), ('agency__isnull', False), _connector='OR'), name='clocks_wait_has_holder'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='clocks_wait_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
            ],
            options={
                'verbose_name': 'cover',
                'ordering': ('first_day', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='clocks_cover_dates'), models.CheckConstraint(condition=models.Q(('person', models.F('deputy')), _negated=True), name='clocks_nobody_covers_themselves')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField()),
                ('waits', models.PositiveIntegerField()),
                ('sent', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'reminder',
                'ordering': ('-day', 'id'),
                'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='clocks_one_reminder_a_day')],
            },
        ),
    ]
