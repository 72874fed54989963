using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Castalia.Benchmarks;
using Castalia.Benchmarks.Coverage;
using Castalia.Benchmarks.Models;
using Castalia.Benchmarks.Sweeps;
using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;

// Each verb prints one thing, see bench/README.md; anything else goes to BenchmarkDotNet.
using var cancelled = new CancellationTokenSource();
Action<PosixSignalContext> cancel = signal =>
{
    signal.Cancel = args is ["make" or "models" or "sweep-kills" or "sweep-limit" or "sweep-pace" or "sweep-many", ..] && !cancelled.IsCancellationRequested; // lest a checkpoint remain; a second ends at once
    cancelled.Cancel();
};
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel);
try
{
    switch (args)
    {
        case ["tokens", var folder]:
            TokenizerRatios.Print(folder, rounds: 5);
            break;
        case ["make", var shape, var folder, .. var dType]:
            SyntheticCheckpoint.Write(
                PythiaShape.Of(shape), folder, dType.Length == 0 ? DType.F16 : Enum.Parse<DType>(dType[0], ignoreCase: true), cancelled.Token);
            break;
        case ["once", ..]:
            Once.Print(args, cancelled.Token);
            break;
        case ["models", ..]:
            ModelRatios.Print(ModelOptions.Parse(args.AsSpan(1)), cancelled.Token);
            break;
        case ["profile", var folder]:
            Profile.Print(folder, Environment.ProcessorCount, rounds: 5, cancelled.Token);
            break;
        case ["explain", var folder]:
            AttributionRatios.Print(folder, Castalia.Machine.PhysicalCores.Count, rounds: 9, cancelled.Token);
            break;
        case ["intervene", var folder]:
            InterventionRatios.Print(folder, Castalia.Machine.PhysicalCores.Count, rounds: 5, cancelled.Token);
            break;
        case ["gradient", var folder, .. var workload]:
            GradientRatios.Print(
                folder, Workload.Parse(workload.Length == 0 ? "16x128" : workload[0]), workload.Length > 1 ? int.Parse(workload[1], CultureInfo.InvariantCulture) : Castalia.Machine.PhysicalCores.Count, rounds: 15, cancelled.Token);
            break;
        case ["training", var folder, .. var workload]:
            TrainingPace.Print(
                folder, Workload.Parse(workload.Length == 0 ? "16x128" : workload[0]), Castalia.Machine.PhysicalCores.Count, rounds: 15, cancelled.Token);
            break;
        case ["library", var folder, .. var how]:
            LibraryRatios.Print(
                folder, how.Length > 0 ? int.Parse(how[0], CultureInfo.InvariantCulture) : Castalia.Machine.PhysicalCores.Count, how.Length > 1 ? int.Parse(how[1], CultureInfo.InvariantCulture) : 15, cancelled.Token);
            break;
        case ["many-texts", var cli, var folder, .. var how]:
            ManyTexts.Print(cli, folder, how.Length > 0 ? int.Parse(how[0], CultureInfo.InvariantCulture) : 3, how.Length > 1 ? how[1] : null, cancelled.Token);
            break;
        case ["jacobian", var folder]:
            JacobianRatios.Print(folder, Castalia.Machine.PhysicalCores.Count, rounds: 9, cancelled.Token);
            break;
        case ["report-models", var folder]:
            ReportModels.Write(folder, cancelled.Token);
            break;
        case ["sweep-kills", var castalia, .. var how]:
            return SweepKills.Print(castalia, how.Length > 0 ? int.Parse(how[0], CultureInfo.InvariantCulture) : 200, how.Length > 1 ? int.Parse(how[1], CultureInfo.InvariantCulture) : 1, cancelled.Token) ? 0 : 1;
        case ["sweep-limit", var castalia]:
            return SweepLimit.Print(castalia, cancelled.Token) ? 0 : 1;
        case ["sweep-pace", var castalia, .. var rounds]:
            SweepPace.Print(castalia, rounds.Length > 0 ? int.Parse(rounds[0], CultureInfo.InvariantCulture) : 3, cancelled.Token);
            break;
        case ["sweep-many", var castalia]:
            SweepMany.Print(castalia, rounds: 5, cancelled.Token);
            break;
        case ["store", var cli, var run, .. var runs]:
            StoreTimes.Print(cli, run, runs.Length == 0 ? [200, 2000] : [.. runs.Select(n => int.Parse(n, CultureInfo.InvariantCulture))], cancelled.Token);
            break;
        case ["stored-models", var run, var folder, var count, var models]:
            StoredModels.Write(run, folder, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(models, CultureInfo.InvariantCulture), cancelled.Token);
            break;
        case ["store-phases", var run, var cache]:
            StorePhases.Print(run, cache, cancelled.Token);
            break;
        case ["functions"]:
            FunctionErrors.Print(cancelled.Token);
            break;
        case ["coverage"]:
            IntervalCoverage.Print(Console.Out, cancelled.Token);
            break;
        case ["nothing"]:
            break;
        default:
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            break;
    }
    return 0;
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception e) when (e is ArgumentException or IOException or Castalia.InputException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
