using Castalia.Errors;

namespace Castalia.Reports;

/// <summary>What can be wrong with where a report is written.</summary>
static class ReportErrors
{
    const string Name = "Name another folder by --figures.";

    public static InputException FiguresTaken(string folder) => new("There is already something of that name, and figures never replace files.", folder, Name);

    public static InputException NoFolderForFigures(string folder, string parent) => new($"The folder it is to stand in, {parent}, is not there.", folder, "Make that folder, or name another by --figures.");

    public static InputException FiguresNotWritten(string folder, Exception why) => new($"The figures could not be written: {why.Message}", folder, Name, why);
}
