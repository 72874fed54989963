using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Reports;
using Castalia.Twins;

namespace Castalia.Cli.Verbs;

/// <summary><c>castalia twins --verify</c>: the shipped twins, trained again.</summary>
static class TwinsVerification
{
    /// <summary>Trains, prints and compares.</summary>
    public static int Run(ParseResult parse, int threads) => Verb.Run(cancellation =>
    {
        IReadOnlyList<VerifiedTwin> verified = [];
        ProgressDisplay.Run(progress => verified = TwinVerification.Take(ShippedTwins.All, Path.GetTempPath(), threads, progress.Train, cancellation));
        PageOptions.Write(parse, () => JsonText.Node(VerificationDocument.Of(verified), VerificationJson.Default), () => TwinVerificationReport.Of(verified));
        TwinVerification.Check(verified);
    }, interrupted: "nothing was compared, and the temporary folder is removed.");
}
