#!/bin/bash
# A cluster of Slurm on this machine, for tests: munged, slurmctld and slurmd's of one CPU each, all of them in a folder of their own, without systemd.
# usage: cluster.sh up ROOT NODES PORT | node ROOT I | controller ROOT | down ROOT
set -eu
R=$2
export SLURM_CONF=$R/slurm.conf

case $1 in
up)
    mkdir -p "$R"/{state,log,munge,spool}
    chmod 755 "$R"
    chown munge: "$R/munge"
    setpriv --reuid=munge --regid=munge --clear-groups sh -c 'umask 077; head -c 128 /dev/urandom > "$0/key"; umask 022
        exec /usr/sbin/munged --socket="$0/socket" --key-file="$0/key" --pid-file="$0/pid" --log-file="$0/log" --seed-file="$0/seed"' "$R/munge"
    cat > "$SLURM_CONF" <<C
ClusterName=castalia
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$R/munge/socket,cred_expire=2
SlurmctldPort=$4
SlurmctldPidFile=$R/slurmctld.pid
SlurmctldLogFile=$R/log/slurmctld.log
StateSaveLocation=$R/state
SlurmdPidFile=$R/%n.pid
SlurmdLogFile=$R/log/%n.log
SlurmdSpoolDir=$R/spool/%n
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,sched_min_interval=100000,batch_sched_delay=0
ReturnToService=2
SlurmdTimeout=5
KillWait=3
JobRequeue=1
RequeueExit=75
SlurmdParameters=config_overrides
$(for ((i = 0; i < $3; i++)); do echo "NodeName=n$i NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$(($4 + 1 + i)) CPUs=1 RealMemory=1000 State=UNKNOWN"; done)
PartitionName=main Nodes=n[0-$(($3 - 1))] Default=YES MaxTime=60 State=UP
C
    /usr/sbin/slurmctld -c -f "$SLURM_CONF"
    for ((i = 0; i < $3; i++)); do "$0" node "$R" "$i"; done
    for ((k = 0; k < 100; k++)); do [[ $(sinfo --noheader --states=idle --format=%D) == "$3" ]] && exit 0; sleep 0.1; done
    echo "the nodes of the test's Slurm are not idle" >&2
    exit 1
    ;;
node)
    mkdir -p "$R/spool/n$3"
    /usr/sbin/slurmd -N "n$3" -f "$SLURM_CONF"
    ;;
controller)
    /usr/sbin/slurmctld -f "$SLURM_CONF"
    ;;
down)
    # Daemons of this configuration, and tasks that they left; not whatever else the tests had started meanwhile, which has the same in its environment.
    for process in /proc/[0-9]*; do
        environment=$({ tr "\0" "\n" < "$process/environ"; } 2>/dev/null) || continue
        grep -qx "SLURM_CONF=$SLURM_CONF" <<< "$environment" || continue
        if [[ $(cat "$process/comm" 2>/dev/null) =~ ^(slurm|munged) ]] || grep -q '^SLURM_JOB_ID=' <<< "$environment"; then kill -9 "${process#/proc/}" 2>/dev/null || true; fi
    done
    ;;
esac
